import { type DocumentNode, Source } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { Call } from '../http/call.ts';
import type { GraphqlDeps } from '../http/graphql-deps.ts';
import { locating } from '../model/graphql-error.ts';

/** Documents are parsed within limits and once; validation hints at what the caller may know of, and at nothing else. */
export const useDocuments = ({ api, documents }: GraphqlDeps): Plugin<{ call: Call }> => ({
  onParse({ setParseFn }) {
    setParseFn((text: string) => locating(new Source(text), () => documents.open(text)));
  },
  onValidate({ context, setValidationFn }) {
    setValidationFn((_schema, document: DocumentNode) => api.validate(document, context.call.principal));
  },
});
