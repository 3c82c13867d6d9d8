// The contents of a batch, independent of its format.

/** One request of a batch. */
export interface BatchPart {
  /** `Content-ID`, or `id` in JSON. */
  readonly id?: string;
  /** In upper case. */
  readonly method: string;
  /** As sent. */
  readonly url: string;
  /** By name in lower case. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
}

/** A unit of work: a single request, or a changeset, which is applied as a whole or not at all. */
export interface BatchItem {
  readonly atomic: boolean;
  readonly parts: readonly BatchPart[];
  /** The name of the changeset: `atomicityGroup` in JSON. */
  readonly group?: string;
  /** Ids of requests and changesets that must have succeeded. */
  readonly dependsOn: readonly string[];
  /** The condition that replaces them, as OData writes it. */
  readonly condition?: string;
}

/** Only reads may run concurrently. */
export const isRead = ({ atomic, parts }: BatchItem): boolean =>
  !atomic && parts.every(({ method }) => method === 'GET' || method === 'HEAD');
