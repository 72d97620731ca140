import type { ReactNode } from 'react';

/** The end of a dialog: the way back, and what it is for. Of a form, without a line of its own: it ends the form. */
export const DialogActions = ({ children, bare = false }: { children: ReactNode; bare?: boolean }) => (
  <div className={`flex justify-end gap-2 ${bare ? '' : 'border-t border-line px-4 py-3'}`}>{children}</div>
);
