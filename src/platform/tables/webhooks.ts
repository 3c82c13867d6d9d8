// Webhooks, as other folders need them. Managing and sending them is for src/webhooks.

/** @param webhook SQL of the id of a webhook @returns SQL of the id of its owner */
export const ownerOfWebhook = (webhook: string): string =>
  `(SELECT w."userId" FROM "portolan"."webhook" w WHERE w."id" = ${webhook})`;
