import { DropdownMenu } from 'radix-ui';
import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';

export interface MenuItem {
  id: string;
  label: string;
  icon?: LucideIcon;
  onSelect: () => void;
}

/** A button that opens a short list of things to do or places to go. `trigger` is the button itself. */
export function Menu({
  trigger,
  items,
  side = 'bottom',
}: {
  trigger: ReactNode;
  items: readonly MenuItem[];
  side?: 'top' | 'bottom';
}) {
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger asChild>{trigger}</DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          side={side}
          align="end"
          sideOffset={6}
          collisionPadding={8}
          className="enter z-50 max-h-(--radix-dropdown-menu-content-available-height) min-w-44 overflow-y-auto rounded-lg bg-raised p-1 shadow-float"
        >
          {items.map(({ id, label, icon: Icon, onSelect }) => (
            <DropdownMenu.Item
              key={id}
              onSelect={onSelect}
              className="press flex h-9 cursor-pointer items-center gap-2.5 rounded-md px-2.5 outline-none data-highlighted:bg-hover"
            >
              {Icon && <Icon aria-hidden size={15} className="text-text-3" />}
              {label}
            </DropdownMenu.Item>
          ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
