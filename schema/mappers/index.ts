// The mappers that are listed from the first start.

import { shopify } from './shopify.ts';
import { woocommerce } from './woocommerce.ts';

export const mappers = [woocommerce, shopify];
