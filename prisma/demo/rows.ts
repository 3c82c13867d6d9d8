// The rows of the demo catalogue, named like the columns. Decimals and big integers are text, so that no digit is lost.

export interface CategoryRow {
  readonly id: number;
  readonly slug: string;
  readonly name: string;
  readonly parentId: number | null;
  readonly position: number;
}

export interface SupplierRow {
  readonly id: number;
  readonly code: string;
  readonly name: string;
  readonly country: string;
  readonly rating: number | null;
  readonly since: string | null;
}

export interface ProductRow {
  readonly id: number;
  readonly sku: string;
  readonly name: string;
  readonly description: string | null;
  readonly price: string;
  readonly cost: string | null;
  readonly stock: number;
  readonly barcode: string | null;
  readonly active: boolean;
  readonly tags: readonly string[];
  readonly attributes: Readonly<Record<string, unknown>> | null;
  readonly weight: number | null;
  readonly categoryId: number | null;
  readonly supplierId: number | null;
  readonly createdAt: string;
  readonly updatedAt: string;
}

export interface CollectionRow {
  readonly id: number;
  readonly slug: string;
  readonly name: string;
  readonly season: 'SPRING' | 'SUMMER' | 'AUTUMN' | 'WINTER' | null;
}

/** A row of the join table: A is the collection, B the product. */
export interface CollectionProductRow {
  readonly A: number;
  readonly B: number;
}

export interface DataSheetRow {
  readonly id: string;
  readonly productId: number;
  readonly language: string;
  readonly pages: number;
  /** `\x` and hexadecimal digits. */
  readonly preview: string | null;
}

export interface CustomerRow {
  readonly id: number;
  readonly number: string;
  readonly name: string;
  readonly email: string;
  readonly phone: string | null;
  readonly city: string | null;
  readonly country: string;
  readonly createdAt: string;
}

export type OrderStatus = 'PENDING' | 'PAID' | 'SHIPPED' | 'DELIVERED' | 'CANCELLED';

export interface OrderRow {
  readonly id: number;
  readonly number: string;
  readonly status: OrderStatus;
  readonly total: string;
  readonly orderedAt: string;
  readonly dueOn: string | null;
  readonly note: string | null;
  readonly customerId: number;
}

export interface OrderItemRow {
  readonly id: number;
  readonly orderId: number;
  readonly productId: number;
  readonly quantity: number;
  readonly price: string;
}

export interface WarehouseRow {
  readonly id: number;
  readonly code: string;
  readonly name: string;
  readonly city: string;
  readonly opensAt: string | null;
}

export interface StockLevelRow {
  readonly warehouseId: number;
  readonly productId: number;
  readonly quantity: number;
  readonly movements: string;
  readonly countedAt: string | null;
}
