// The variables that limit what callers may use.

import { declare, wholeNumber } from './variable.ts';

const count = () => wholeNumber(1);

export const limits = declare({
  RATE_LIMIT: {
    type: wholeNumber(0, 1_000_000_000),
    default: 10_000,
    meaning:
      'Requests per credential in `RATE_LIMIT_SECONDS`, reported in `RateLimit` headers; 0 for no limit.',
  },
  RATE_LIMIT_SECONDS: {
    type: wholeNumber(1, 86_400),
    default: 60,
    meaning: 'The seconds that `RATE_LIMIT` and `COST_LIMIT` are counted in.',
  },
  COST_LIMIT: {
    type: wholeNumber(0, 1_000_000_000),
    default: 500_000,
    meaning:
      'What the requests of a credential may cost in `RATE_LIMIT_SECONDS`: 1 for each request, 1 for each 1,000 values of a response, and 1 for each 10 records written; 0 for no limit.',
  },
  OVERLOAD_DELAY_MS: {
    type: wholeNumber(0, 600_000),
    default: 1_000,
    meaning:
      'Refuse requests with 503 while the event loop is late by more than this many milliseconds; 0 to never refuse.',
  },
  TAKE_DEFAULT: {
    type: count(),
    otherwise: '1000, or `TAKE_MAX` if that is lower',
    meaning: 'Rows of a list by default.',
  },
  TAKE_MAX: { type: count(), default: 10_000, meaning: 'Maximum rows of a list.' },
  DEPTH_MAX: { type: count(), default: 12, meaning: 'Maximum levels of nesting of a query.' },
  NODES_MAX: {
    type: count(),
    default: 5_000,
    meaning: 'Maximum selected fields, conditions and sort keys of a query.',
  },
  LIST_ITEMS_MAX: { type: count(), default: 5_000, meaning: 'Maximum items of an `in` list.' },
  ROWS_MAX: {
    type: count(),
    default: 1_000_000,
    meaning: 'Maximum records of nested lists in a response. OData pages take a tenth of it.',
  },
  COST_MAX: {
    type: count(),
    default: 10_000_000,
    meaning:
      'Maximum estimated cost of a response: records times values in each, plus half of one for each record that is read on the way. OData pages take a tenth of it.',
  },
  BATCH_PARTS_MAX: { type: count(), default: 100, meaning: 'Maximum requests in an OData batch.' },
  BODY_BYTES_MAX: {
    type: count(),
    default: 1_048_576,
    meaning: 'Maximum bytes of a request body, except uploads.',
  },
  UPLOAD_BYTES_MAX: {
    type: count(),
    default: 1_073_741_824,
    meaning: 'Maximum bytes of an imported file, decompressed.',
  },
});
