import { type DocumentNode, Source } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { Call } from '../http/call.ts';
import type { GraphqlDeps } from '../http/graphql-deps.ts';
import { locating } from '../model/graphql-error.ts';

/** Parses documents once and within limits; validation hints name only what the caller may see. */
export const useDocuments = ({ api, documents }: GraphqlDeps): Plugin<{ call: Call }> => ({
  onParse({ setParseFn }) {
    setParseFn((text: string) => locating(new Source(text), () => documents.open(text)));
  },
  onValidate({ context, setValidationFn }) {
    setValidationFn((_schema, document: DocumentNode) => api.validate(document, context.call.principal));
  },
});
