import type { MapperDocument } from '../document/schema.ts';

/** A mapper as callers see it. */
export interface MapperView {
  /** A UUID; of a mapper that the project includes, a short name such as `woocommerce-products`. */
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly entity: string;
  readonly mode: MapperDocument['mode'];
  /** A number that counts the times it was saved; of an included mapper, a hash of its content. */
  readonly version: string;
  /** Whether the project includes it. Such mappers cannot be changed. */
  readonly included: boolean;
  /** The user whose mapper it is; null for an included mapper, and after the user was deleted. */
  readonly ownerId: string | null;
  /** Whether the caller may change it. */
  readonly editable: boolean;
  /** Of this version; null for an included mapper. */
  readonly savedAt: Date | null;
  readonly document: MapperDocument;
}

/** One of the versions of a mapper. */
export interface MapperVersionView {
  readonly version: string;
  readonly savedAt: Date | null;
  /** The user who saved it. */
  readonly savedById: string | null;
  readonly document: MapperDocument;
}
