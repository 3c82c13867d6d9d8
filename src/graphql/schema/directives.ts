import {
  DirectiveLocation,
  GraphQLDirective,
  type OperationDefinitionNode,
  specifiedDirectives,
} from 'graphql';

const independent = new GraphQLDirective({
  name: 'independent',
  description:
    'Each mutation of the operation counts for itself: what one of them can not do does not undo the others.',
  locations: [DirectiveLocation.MUTATION],
});

export const directives: readonly GraphQLDirective[] = [...specifiedDirectives, independent];

/** Whether the mutations of an operation count each for itself. */
export const isIndependent = ({ directives: own }: OperationDefinitionNode): boolean =>
  own?.some(directive => directive.name.value === independent.name) ?? false;
