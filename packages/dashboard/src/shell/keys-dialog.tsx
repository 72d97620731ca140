import { Dialog } from '../ui/dialog.tsx';
import { commandKey, Kbd } from '../ui/kbd.tsx';
import { screens } from './screens.ts';
import { setFrame, useFrame } from './ui-store.ts';

const rows: [string, string[]][] = [
  ['Command palette', [commandKey, 'K']],
  ...screens.map(({ label, key }): [string, string[]] => [`Go to ${label}`, ['G', key.toUpperCase()]]),
  ['Needs you', ['N']],
  ['Filter the list', ['/']],
  ['Next and previous row', ['J', 'K']],
  ['Open the row', ['Enter']],
  ['Close what is open', ['Esc']],
  ['Fold the rail', ['[']],
];

/** Every key, and the switch that turns the single ones off. */
export function KeysDialog() {
  const { singleKeys } = useFrame();
  return (
    <Dialog title="Keyboard" onClose={() => setFrame({ overlay: null })}>
      <dl className="px-4 py-3">
        {rows.map(([name, keys]) => (
          <div key={name} className="flex h-8 items-center justify-between">
            <dt className="text-text-2">{name}</dt>
            <dd className="flex gap-1">
              {keys.map((key) => (
                <Kbd key={key}>{key}</Kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
      <label className="flex items-center gap-2 border-t border-line px-4 py-3 text-text-2">
        <input
          type="checkbox"
          checked={singleKeys}
          onChange={(event) => setFrame({ singleKeys: event.target.checked })}
          className="size-4 accent-(--accent-solid)"
        />
        Single-key shortcuts
      </label>
    </Dialog>
  );
}
