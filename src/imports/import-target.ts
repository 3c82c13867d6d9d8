// What the options of an import say: into which entity, how the file is written, and through which mapper.

import { fault } from '../base/errors.ts';
import type { Principal } from '../base/principal.ts';
import type { Entity } from '../catalog/catalog.ts';
import type { Incoming } from '../http/message/message.ts';
import { type CompiledMapper, compileMapper } from '../mappers/compile/compile-mapper.ts';
import { checkMapper } from '../mappers/document/check-mapper.ts';
import type { MapperDocument } from '../mappers/document/schema.ts';
import type { Mappers, UsableMapper } from '../mappers/services/create-mappers.ts';
import type { ChangeMode } from '../query/ask/entity-change.ts';
import type { Engine } from '../query/engine.ts';
import { findEntity } from './find-entity.ts';
import type { SourceOptions } from './read/open-source.ts';
import type { ImportOptions } from './upload/import-options.ts';

export interface Target {
  readonly entity: Entity;
  readonly mode: ChangeMode;
  /** What a row at fault does: refuse them all, or be left out. */
  readonly onError: 'refuse' | 'skip';
  /** How the file is written, as far as it is known. */
  readonly source: SourceOptions;
  /** Whether everything is checked and written, and then rolled back. */
  readonly dryRun: boolean;
  readonly mapper?: UsableMapper;
}

interface TargetDeps {
  readonly engine: Engine;
  readonly mappers: Pick<Mappers, 'use'>;
}

/** @throws Fault for options that are wrong, SCOPE_MISSING, UNKNOWN_MAPPER */
export function targetOf(
  deps: TargetDeps,
  options: ImportOptions,
  { principal, request }: { readonly principal: Principal; readonly request: Incoming },
): Target | Promise<Target> {
  if (options.mapperId === undefined) return plainTarget(deps, options, principal);
  return mappedTarget(deps, options, { principal, request });
}

/** @throws UNKNOWN_ENTITY, SCOPE_MISSING */
function plainTarget({ engine }: TargetDeps, options: ImportOptions, principal: Principal): Target {
  const { entity: name = '', mode = 'upsert', onError = 'refuse', dryRun, ...source } = options;
  const entity = findEntity(engine.permitted(principal), name);
  engine.permitWrite(principal, entity);
  return { entity, mode, onError, dryRun, source };
}

async function mappedTarget(
  { engine, mappers }: TargetDeps,
  options: ImportOptions,
  caller: { readonly principal: Principal; readonly request: Incoming },
): Promise<Target> {
  const used = await mappers.use(caller, options.mapperId!);
  const { document, entity } = used.mapper;
  if (
    options.entity !== undefined &&
    findEntity(engine.permitted(caller.principal), options.entity) !== entity
  )
    throw fault(
      'INVALID_VALUE',
      `The mapper "${used.name}" imports into ${entity.set}, not into ${options.entity.slice(0, 80)}.`,
      {
        target: 'entity',
        hint: `Send entity=${entity.set}, or leave it out.`,
      },
    );
  const source = sourceOptions(document.format, options);
  const mapper = inMode(used.mapper, options.mode, engine);
  const onError = options.onError ?? (document.onError === 'skip' ? 'skip' : 'refuse');
  return {
    entity,
    mode: mapper.document.mode,
    onError,
    dryRun: options.dryRun,
    source,
    mapper: { ...used, mapper },
  };
}

/** What the request says goes before what the mapper says. */
function sourceOptions(stated: MapperDocument['format'], options: ImportOptions): SourceOptions {
  const known = <T extends string>(value: T) =>
    value === 'auto' ? undefined : (value as Exclude<T, 'auto'>);
  return {
    format: options.format,
    columns: options.columns,
    delimiter: options.delimiter ?? known(stated.delimiter),
    encoding: options.encoding ?? known(stated.encoding),
    quote: stated.quote,
    header: options.columns ? undefined : stated.header,
  };
}

/** Another mode may need other columns. */
function inMode(mapper: CompiledMapper, mode: ChangeMode | undefined, { catalog }: Engine): CompiledMapper {
  if (mode === undefined || mode === mapper.document.mode) return mapper;
  return compileMapper(checkMapper({ ...mapper.document, mode }, catalog));
}
