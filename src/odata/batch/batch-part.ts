// What a batch says, whichever of its two formats it came in.

/** One request of a batch. */
export interface BatchPart {
  /** `Content-ID`, or `id` in JSON. */
  readonly id?: string;
  /** In capitals. */
  readonly method: string;
  /** As sent. */
  readonly url: string;
  /** By name in lower case. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
}

/** What is done as one: a single request, or a changeset, all of which counts or nothing. */
export interface BatchItem {
  readonly atomic: boolean;
  readonly parts: readonly BatchPart[];
  /** The name of the changeset: `atomicityGroup` in JSON. */
  readonly group?: string;
  /** Ids of requests and changesets that must have succeeded. */
  readonly dependsOn: readonly string[];
  /** What must hold instead, in OData's words for it. */
  readonly condition?: string;
}

/** Only reads may run beside others. */
export const isRead = ({ atomic, parts }: BatchItem): boolean =>
  !atomic && parts.every(({ method }) => method === 'GET' || method === 'HEAD');
