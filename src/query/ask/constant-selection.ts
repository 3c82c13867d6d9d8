/** A value known before any row is read, such as `__typename`. */
export interface ConstantSelection {
  readonly kind: 'constant';
  readonly as: string;
  readonly value: string;
}
