// The input of the write handlers.

import type { Principal } from '../../base/principal.ts';
import type { Incoming } from '../../http/message/message.ts';
import type { ChangeRequest } from '../../query/ask/entity-change.ts';
import type { ReadAnswer } from '../../query/ask/read-answer.ts';
import type { ChangeOptions } from '../../query/change/change-options.ts';
import { ChangeFailure } from '../../query/change/run-all.ts';
import type { Engine } from '../../query/engine.ts';
import type { PartScope } from '../model/part-scope.ts';
import type { DataResource } from '../model/resource.ts';
import type { Service } from '../model/service.ts';
import type { VisibleModel } from '../model/visible-model.ts';
import type { QueryOptions } from '../parse/options.ts';
import type { JsonForm } from '../url/media-type.ts';
import type { UrlPart } from '../url/url.ts';

export interface WriteRequest {
  readonly service: Service;
  readonly request: Incoming;
  readonly principal: Principal;
  readonly scope: PartScope;
  /** What the caller may read or write, and so address. */
  readonly model: VisibleModel;
  /** What the caller may read, and so be shown. */
  readonly readable: VisibleModel;
  readonly resource: DataResource;
  /** The segments of the path below the root. */
  readonly segments: readonly UrlPart[];
  readonly options: QueryOptions;
  /** The option $id. */
  readonly id?: string;
  readonly form: JsonForm;
  /** As text; bytes in base64. */
  readonly body: string;
}

/** @throws Fault, like Engine.prepareChange and Engine.change */
export async function change(
  { service: { engine }, principal, form, request: { signal }, scope: { session } }: WriteRequest,
  changeRequest: ChangeRequest,
): Promise<ReadAnswer> {
  const prepare = () => engine.prepareChange(changeRequest, principal, `odata-${form.numbers}`);
  try {
    const prepared = await completing(engine, { signal, session }, prepare);
    const [answer] = (await engine.change([prepared], { signal, session })) as [ReadAnswer];
    return answer;
  } catch (error) {
    throw error instanceof ChangeFailure ? error.cause : error;
  }
}

/** Reports invalid values together with missing records. */
async function completing<T>(engine: Engine, options: ChangeOptions, prepare: () => T): Promise<T> {
  try {
    return prepare();
  } catch (error) {
    throw await engine.completeFaults(error, options);
  }
}
