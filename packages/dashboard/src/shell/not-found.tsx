import { Link } from '@tanstack/react-router';
import { buttonClass } from '../ui/button.tsx';
import { Logo } from './logo.tsx';

export function NotFound() {
  return (
    <main className="grid h-full place-items-center p-6">
      <div className="flex flex-col items-center gap-2 text-center">
        <Logo size={32} />
        <h1 className="mt-3 text-lg font-semibold">There is no such page</h1>
        <p className="text-text-3">The address may be old, or mistyped.</p>
        <Link to="/" className={`mt-3 ${buttonClass()}`}>
          Go to the overview
        </Link>
      </div>
    </main>
  );
}
