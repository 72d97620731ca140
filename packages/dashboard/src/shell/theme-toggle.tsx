import { Monitor, Moon, Sun } from 'lucide-react';
import { IconButton } from '../ui/button.tsx';
import { setTheme, useTheme, type Theme } from './theme.ts';

const next: Record<Theme, Theme> = { system: 'dark', dark: 'light', light: 'system' };
const icon = { system: Monitor, dark: Moon, light: Sun };

/** Goes round: as the system, dark, light. */
export function ThemeToggle() {
  const { theme } = useTheme();
  const Icon = icon[theme];
  return (
    <IconButton label={`Theme: ${theme}. Switch to ${next[theme]}`} onClick={() => setTheme(next[theme])}>
      <Icon aria-hidden size={15} />
    </IconButton>
  );
}
