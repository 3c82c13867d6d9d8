// Every operation of the REST API, in one list: the OpenAPI document is made from it.

import { meOperations } from './account/me-operations.ts';
import { appOperations } from './apps/app-operations.ts';
import { developerOperations, grantOperations } from './apps/developer-operations.ts';
import { appSchema, secretSchema } from './apps/services/app-view.ts';
import { developerSchema } from './apps/services/developers.ts';
import { grantSchema } from './apps/services/grants.ts';
import { auditOperations } from './audit/audit-operations.ts';
import { eventSchema } from './audit/event.ts';
import { keyOperations } from './auth/key-operations.ts';
import { keySummary } from './auth/keys/view.ts';
import { createScopeDescriptions } from './auth/scopes/describe-scope.ts';
import { sealOperations } from './auth/seal-operations.ts';
import type { Catalog } from './catalog/catalog.ts';
import { exportOperations } from './exports/operations.ts';
import { serverOperations } from './http/server-operations.ts';
import { importOperations } from './imports/import-operations.ts';
import { mapperOperations, mapperSummary } from './mappers/operations.ts';
import { signingKeyOperations } from './oauth/key-routes.ts';
import { paths } from './oauth/settings.ts';
import { connectionOperations } from './odata/connections/operations.ts';
import type { Contract } from './openapi/document.ts';
import { openApiOperations } from './openapi/route.ts';
import type { ServerDescription } from './openapi/security.ts';
import { queryOperations } from './query-api/query-operations.ts';
import { usageOperations } from './usage/usage-operations.ts';
import { userOperations } from './users/api-operations.ts';
import { userSchema } from './users/services/user.ts';
import { deliverySchema, webhookOperations, webhookSchema } from './webhooks/operations.ts';

export const contract: Contract = {
  operations: [
    meOperations,
    queryOperations,
    importOperations,
    exportOperations,
    mapperOperations,
    connectionOperations,
    keyOperations,
    userOperations,
    appOperations,
    developerOperations,
    grantOperations,
    auditOperations,
    usageOperations,
    webhookOperations,
    sealOperations,
    signingKeyOperations,
    serverOperations,
    openApiOperations,
  ].flatMap(group => Object.values(group)),
  named: {
    ApiKey: keySummary,
    User: userSchema,
    App: appSchema,
    AppSecret: secretSchema,
    Developer: developerSchema,
    Grant: grantSchema,
    AuditEvent: eventSchema,
    MapperSummary: mapperSummary,
    Webhook: webhookSchema,
    WebhookDelivery: deliverySchema,
  },
};

/** @returns what the OpenAPI document says about a server */
export function describeServer(
  publicUrl: string,
  catalog: Pick<Catalog, 'sets' | 'scopes'>,
): ServerDescription {
  const describeScope = createScopeDescriptions(catalog);
  return {
    publicUrl,
    scopes: Object.fromEntries(catalog.scopes.map(scope => [scope, describeScope(scope)])),
    endpoints: { authorize: paths.authorize, token: paths.token },
  };
}
