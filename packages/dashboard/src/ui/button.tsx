import type { ComponentProps } from 'react';
import { cx } from './cx.ts';

type Variant = 'primary' | 'secondary' | 'ghost' | 'danger';

const look: Record<Variant, string> = {
  primary: 'bg-accent-solid text-on-accent hover:bg-accent-solid-hover',
  secondary: 'bg-raised shadow-raised hover:bg-hover',
  ghost: 'text-text-2 hover:bg-hover hover:text-text',
  danger: 'bg-raised text-bad shadow-raised hover:bg-bad-soft',
};

/** Classes of a button, for links that look like one. */
export const buttonClass = (variant: Variant = 'secondary', size: 'sm' | 'md' = 'sm'): string =>
  cx(
    'press inline-flex shrink-0 items-center justify-center gap-1.5 rounded-md font-medium whitespace-nowrap select-none',
    'disabled:cursor-not-allowed disabled:opacity-50 aria-disabled:cursor-not-allowed aria-disabled:opacity-55',
    size === 'sm' ? 'h-7 px-2.5 text-sm' : 'h-8 px-3 text-base',
    look[variant],
  );

export interface ButtonProps extends ComponentProps<'button'> {
  variant?: Variant;
  size?: 'sm' | 'md';
}

export function Button({ variant = 'secondary', size = 'sm', className, ...rest }: ButtonProps) {
  return <button type="button" className={cx(buttonClass(variant, size), className)} {...rest} />;
}

/** A square button with an icon; the label is its name and its tooltip. */
export function IconButton({ label, className, ...rest }: ComponentProps<'button'> & { label: string }) {
  return (
    <button
      type="button"
      aria-label={label}
      data-tip={label}
      className={cx(
        'press relative inline-flex size-7 shrink-0 items-center justify-center rounded-md text-text-3 hover:bg-hover hover:text-text aria-disabled:cursor-not-allowed aria-disabled:opacity-40',
        className,
      )}
      {...rest}
    />
  );
}
