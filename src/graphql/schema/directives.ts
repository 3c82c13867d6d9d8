import {
  DirectiveLocation,
  GraphQLDirective,
  type OperationDefinitionNode,
  specifiedDirectives,
} from 'graphql';

const independent = new GraphQLDirective({
  name: 'independent',
  description: 'Commits each mutation of the operation separately: if one fails, the others are kept.',
  locations: [DirectiveLocation.MUTATION],
});

export const directives: readonly GraphQLDirective[] = [...specifiedDirectives, independent];

/** Whether the mutations of an operation are committed separately. */
export const isIndependent = ({ directives: own }: OperationDefinitionNode): boolean =>
  own?.some(directive => directive.name.value === independent.name) ?? false;
