/** A mapper at one of its versions, as it is stored. The catalog may have changed since it was saved. */
export interface StoredMapper {
  readonly id: string;
  readonly name: string;
  readonly entity: string;
  readonly version: string;
  readonly ownerId: string | null;
  readonly savedAt: Date | null;
  readonly included: boolean;
  readonly document: unknown;
}
