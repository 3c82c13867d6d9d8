import type { Kind } from './departments/department.ts';
import { departments } from './departments/index.ts';
import type { CategoryRow } from './rows.ts';
import { slug } from './values.ts';

export interface Categories {
  readonly rows: readonly CategoryRow[];
  readonly idOf: ReadonlyMap<Kind, number>;
}

/** @returns the tree of departments, groups and kinds, parents before their children */
export function createCategories(): Categories {
  const rows: CategoryRow[] = [];
  const idOf = new Map<Kind, number>();
  const add = (name: string, parentId: number | null, position: number): number => {
    const id = rows.length + 1;
    rows.push({ id, slug: slug(name), name, parentId, position });
    return id;
  };
  for (const [at, department] of departments.entries()) {
    const departmentId = add(department.name, null, at + 1);
    for (const [groupAt, group] of department.groups.entries()) {
      const groupId = add(group.name, departmentId, groupAt + 1);
      for (const [kindAt, kind] of group.kinds.entries()) idOf.set(kind, add(kind.name, groupId, kindAt + 1));
    }
  }
  return { rows, idOf };
}
