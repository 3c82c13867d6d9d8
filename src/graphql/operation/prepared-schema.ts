// What /graphql and the Query API share: one schema, its documents, and the operations prepared from them.

import { type DocumentNode, type GraphQLError, type GraphQLSchema, specifiedRules, validate } from 'graphql';
import type { Limits } from '../../base/config/config.ts';
import { BoundedCache } from '../../base/memory/bounded-cache.ts';
import type { Principal } from '../../base/principal.ts';
import type { EntityQuery } from '../../query/ask/entity-query.ts';
import type { Engine } from '../../query/engine.ts';
import { oncePerPermitted } from '../../query/permitted/cache.ts';
import type { PermittedCatalog } from '../../query/permitted/permitted-catalog.ts';
import type { DocumentCache } from '../document/document-cache.ts';
import { explaining } from '../document/explain-error.ts';
import { type DocumentLimits, documentLimits } from '../document/limits.ts';
import { type PlatformPart, scopesOf } from '../model/builder.ts';
import { mayWriteAll, mayWriteOf } from '../model/may-write.ts';
import { mutationsOf } from '../model/mutations.ts';
import { readableCatalog } from '../model/readable-catalog.ts';
import { rootsOf } from '../model/roots.ts';
import { buildSchema } from '../schema/build-schema.ts';
import type { Model } from '../translate/arguments/translation.ts';
import { documentToQuery } from './document-to-query.ts';
import { OperationTemplates } from './operation-templates.ts';
import { prepareOperation } from './prepare-operation.ts';
import type { OperationRequest, PreparedOperation } from './prepared-operation.ts';
import { isWhole } from './run-operation.ts';

interface GraphqlApiDeps {
  readonly engine: Engine;
  /** The platform's part of the schema, from app.ts. */
  readonly platform: readonly PlatformPart[];
  readonly limits: Limits;
}

type Unopened = Omit<OperationRequest, 'document' | 'literals'>;

/** An operation as text. */
export interface TextRequest extends Unopened {
  readonly text: string;
}

const errorsMax = 20;
const operationsMax = 1_000;
const operationsCharactersMax = 2_000_000;
const variablesCharactersMax = 2_000;

/** Operations prepared with one version of the statistics, which determine the estimated cost. */
class PreparedOperations {
  readonly templates = new OperationTemplates();
  readonly operations = new BoundedCache<PreparedOperation>(operationsMax, operationsCharactersMax);
  readonly version: number;

  constructor(version: number) {
    this.version = version;
  }
}

export const createGraphqlApi = (parts: GraphqlApiDeps): GraphqlApi => new GraphqlApi(parts);

export class GraphqlApi {
  readonly engine: Engine;
  readonly limits: DocumentLimits;
  /** The whole schema, regardless of permissions. */
  readonly schema: GraphQLSchema;
  readonly #platform: readonly PlatformPart[];
  readonly #model: Model;
  readonly #valid = new WeakSet<DocumentNode>();
  readonly #schemaOf = oncePerPermitted(permitted => this.#buildSchema(permitted));
  #prepared = new PreparedOperations(0);

  constructor({ engine, platform, limits }: GraphqlApiDeps) {
    this.engine = engine;
    this.limits = documentLimits(limits);
    this.schema = buildSchema(engine.catalog, platform);
    this.#platform = platform;
    this.#model = {
      schema: this.schema,
      catalog: engine.catalog,
      roots: rootsOf(engine.catalog),
      mutations: mutationsOf(engine.catalog),
      scopes: scopesOf(platform),
    };
  }

  /** @returns the schema that a principal may see: for introspection, and for the names in hints */
  schemaFor(principal: Principal): GraphQLSchema {
    return this.#schemaOf(this.engine.permitted(principal));
  }

  #buildSchema(permitted: PermittedCatalog): GraphQLSchema {
    const { scopes, readsAll, writesAll } = permitted;
    const platform = this.#platform.filter(({ scope }) => !scope || scopes.has(scope));
    if (readsAll && writesAll && platform.length === this.#platform.length) return this.schema;
    const mayWrite = writesAll ? mayWriteAll : mayWriteOf(permitted);
    return buildSchema(readableCatalog(permitted), platform, mayWrite);
  }

  /** @returns the validation errors of a document; hints name only what the principal may see */
  validate(document: DocumentNode, principal: Principal): readonly GraphQLError[] {
    if (this.#valid.has(document)) return [];
    const options = { maxErrors: errorsMax, hideSuggestions: true };
    if (validate(this.schema, document, specifiedRules, { ...options, maxErrors: 1 }).length > 0) {
      const rules = specifiedRules.map(rule => explaining(rule, () => this.schemaFor(principal)));
      return validate(this.schema, document, rules, options);
    }
    this.#valid.add(document);
    return [];
  }

  /** @param request with a valid document @throws as prepareOperation does */
  prepare(request: OperationRequest): PreparedOperation {
    const known = () => this.schemaFor(request.principal);
    return prepareOperation(this.engine, this.#model, request, { known, templates: this.#kept.templates });
  }

  /**
   * Validates a document whose only root field is a list, and translates it.
   * @returns its query, neither checked nor permitted yet
   * @throws AggregateError of GraphQLErrors from validation and variables; Fault
   */
  listQuery(request: Omit<OperationRequest, 'format' | 'literals'>): EntityQuery {
    const errors = this.validate(request.document, request.principal);
    if (errors.length > 0) throw new AggregateError(errors);
    return documentToQuery(this.#model, request, () => this.schemaFor(request.principal));
  }

  get #kept(): PreparedOperations {
    const { version } = this.engine.statistics;
    if (this.#prepared.version !== version) this.#prepared = new PreparedOperations(version);
    return this.#prepared;
  }

  /**
   * Prepares reads from text; a repeated operation costs one cache look-up.
   * @param documents the syntax that the text is written in
   * @throws GraphQLError for syntax; AggregateError of GraphQLErrors from validation and variables; Fault
   */
  prepareText(documents: DocumentCache, { text, ...request }: TextRequest): PreparedOperation {
    const key = cacheKey(documents, text, request);
    const { operations } = this.#kept;
    const known = key === undefined ? undefined : operations.get(key);
    if (known) return known;
    const operation =
      this.#prepareShape(documents, text, request) ?? this.#prepareDocument(documents, text, request);
    if (key !== undefined && isWhole(operation)) operations.setRepeated(key, operation);
    return operation;
  }

  /** @returns undefined on any error: preparing the text itself then reports it with its location */
  #prepareShape(documents: DocumentCache, text: string, request: Unopened): PreparedOperation | undefined {
    const shaped = documents.openShape(text);
    if (!shaped) return undefined;
    try {
      return this.prepare({ ...request, ...shaped });
    } catch {
      return undefined;
    }
  }

  #prepareDocument(documents: DocumentCache, text: string, request: Unopened): PreparedOperation {
    const document = documents.open(text);
    const errors = this.validate(document, request.principal);
    if (errors.length > 0) throw new AggregateError(errors);
    documents.learnShape(text, document, this.schema);
    return this.prepare({ ...request, document });
  }
}

/** @returns undefined for an operation that is too unlikely to recur to be cached */
function cacheKey({ syntax }: DocumentCache, text: string, request: Unopened): string | undefined {
  const variables = request.variables ? JSON.stringify(request.variables) : '';
  if (variables.length > variablesCharactersMax) return undefined;
  const name = request.operationName ? JSON.stringify(request.operationName) : '';
  return `${syntax.name} ${request.format}\n${request.principal.scopeKey}\n${name}\n${variables}\n${text}`;
}
