import { TableHead } from '../show/table-head.js';
import { settingDiffs, type FieldChange } from './setting-diff.js';

interface SettingDiffsProps {
  changes: readonly FieldChange[];
  /** Of the columns, such as Was and Is. */
  titles?: readonly [string, string];
  /** Left out: there was nothing before. */
  isNew?: boolean;
}

/** Settings field by field, from what to what. */
export function SettingDiffs({ changes, titles = ['Was', 'Is'], isNew = false }: SettingDiffsProps) {
  return (
    <div class="table diffs">
      <table aria-label="Settings">
        <TableHead titles={['Setting', ...(isNew ? [] : [titles[0]]), titles[1]]} />
        <tbody>
          {changes.flatMap(settingDiffs).map(({ name, was, is, items }) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              {!isNew && (
                <td>
                  <del>{was}</del>
                </td>
              )}
              <td>
                <ins>{is}</ins>
                {!isNew && items && <ItemDiff {...items} />}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function ItemDiff({ removed, added }: { removed: readonly string[]; added: readonly string[] }) {
  const words = [
    added.length > 0 && `added ${added.join(', ')}`,
    removed.length > 0 && `removed ${removed.join(', ')}`,
  ].filter(Boolean);
  return <div class="quiet">{words.length === 0 ? 'in another order' : words.join('; ')}</div>;
}
