import { Prose } from '../../ui/prose.tsx';
import { Entries } from './entries.tsx';
import { SettingRow } from './setting-row.tsx';
import { Variants } from './variants.tsx';
import { kindOf, nameOf, type Node, type Path } from './schema-tree.ts';

/** One setting as what it is: a row, or entries. */
export function Setting({ node, path }: { node: Node; path: Path }) {
  const kind = kindOf(node);
  const inside = (form: Node, at: Path) => <Section node={form} path={at} />;
  if (kind === 'entries' || kind === 'named_entries')
    return <Entries node={node} path={path} inside={inside} />;
  if (kind === 'variants') return <Variants node={node} path={path} inside={inside} />;
  return <SettingRow node={node} path={path} />;
}

/** The settings of a group, single ones first; groups in it follow under their own heads. */
export function Section({ node, path }: { node: Node; path: Path }) {
  const all = Object.entries(node.properties ?? {}).filter(([, child]) => child.const === undefined);
  const groups = all.filter(([, child]) => kindOf(child) === 'group');
  return (
    <>
      <div className="divide-y divide-line">
        {all
          .filter(([, child]) => kindOf(child) !== 'group')
          .map(([key, child]) => (
            <Setting key={key} node={child} path={[...path, key]} />
          ))}
      </div>
      {groups.map(([key, child]) => (
        <section key={key} className="border-t border-line" aria-label={[...path, key].join('.')}>
          <header className="bg-sunken px-4 py-2">
            <h3 className="text-sm font-medium">{nameOf(key)}</h3>
            {child.description && (
              <p className="text-sm text-pretty text-text-2">
                <Prose text={child.description} />
              </p>
            )}
          </header>
          <Section node={child} path={[...path, key]} />
        </section>
      ))}
    </>
  );
}
