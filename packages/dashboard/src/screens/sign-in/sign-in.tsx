import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRouter, useSearch } from '@tanstack/react-router';
import { LoaderCircle } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { ApiError } from '../../data/api.ts';
import { signIn } from '../../data/queries.ts';
import { Logo } from '../../shell/logo.tsx';
import { ThemeToggle } from '../../shell/theme-toggle.tsx';
import { usePageTitle } from '../../shell/use-title.ts';
import { Button } from '../../ui/button.tsx';
import { TipLayer } from '../../ui/tip-layer.tsx';
import { readCode } from './read-code.ts';

/** What to do about it, in the reader's words. */
function explain(error: Error): string {
  if (!(error instanceof ApiError)) return error.message;
  if (error.status === 0) return 'Vigiles is not answering. Is it running?';
  if (error.status === 429) {
    return `Too many tries. Wait ${error.retryAfterS ? `${error.retryAfterS} seconds` : 'a minute'}, then use a new link.`;
  }
  if (
    error.status === 400 ||
    error.status === 401 ||
    error.status === 403 ||
    error.status === 404 ||
    error.status === 410
  ) {
    return 'This code was used already, or is too old. Ask for a new link.';
  }
  return error.message;
}

/** Only paths of this page: an address from elsewhere must not send people away. */
const isLocal = (path: string | undefined): path is string => path !== undefined && /^\/(?![/\\])/.test(path);

/** Signs in with the one-time link that the start printed: the code travels after `#`, so it is in no server's log. */
export function SignIn() {
  usePageTitle('Sign in');
  const { next } = useSearch({ from: '/sign-in' });
  const router = useRouter();
  const client = useQueryClient();
  const [pasted, setPasted] = useState('');
  const sent = useRef('');
  const attempt = useMutation({
    mutationFn: (code: string) => signIn(code),
    async onSuccess() {
      client.clear();
      await router.navigate({ href: isLocal(next) ? next : '/', replace: true });
    },
  });
  const { mutate } = attempt;

  useEffect(() => {
    const take = (): void => {
      const code = readCode(window.location.hash);
      if (!window.location.hash.includes('code=') || !code || sent.current === code) return;
      sent.current = code;
      // The code works once; it should not stay in the address bar or in the history.
      window.history.replaceState(
        window.history.state,
        '',
        window.location.pathname + window.location.search,
      );
      mutate(code);
    };
    take();
    // A new link opened in a tab that is already here changes only the hash.
    window.addEventListener('hashchange', take);
    return () => window.removeEventListener('hashchange', take);
  }, [mutate]);

  const code = readCode(pasted);
  return (
    <div className="flex h-dvh flex-col">
      <div className="flex justify-end p-3">
        <ThemeToggle />
      </div>
      <main className="flex flex-1 items-start justify-center px-4 pt-[12vh]">
        <div className="w-full max-w-[340px]">
          <Logo size={36} />
          <h1 className="mt-5 text-xl font-semibold tracking-tight">Sign in to Vigiles</h1>
          <p className="mt-1.5 text-pretty text-text-2">
            Open the link that Vigiles printed when it started, or paste it here.
          </p>
          <form
            className="mt-6 flex flex-col gap-2"
            onSubmit={(event) => {
              event.preventDefault();
              if (code) mutate(code);
            }}
          >
            <label htmlFor="code" className="text-sm font-medium">
              Link or code
            </label>
            <input
              id="code"
              value={pasted}
              onChange={(event) => setPasted(event.target.value)}
              autoComplete="one-time-code"
              spellCheck={false}
              autoFocus
              aria-invalid={attempt.isError}
              aria-describedby={attempt.isError ? 'code-error' : 'code-help'}
              className="h-9 rounded-md border border-edge bg-surface px-3 font-mono text-sm placeholder:text-text-3 aria-invalid:border-bad-fill"
            />
            {attempt.isError && (
              <p id="code-error" role="alert" className="text-sm text-pretty text-bad">
                {explain(attempt.error)}
              </p>
            )}
            <Button
              type="submit"
              variant="primary"
              size="md"
              className="mt-1 h-9"
              disabled={!code || attempt.isPending}
            >
              {attempt.isPending && <LoaderCircle aria-hidden size={14} className="spin" />}
              {attempt.isPending ? 'Signing in…' : 'Sign in'}
            </Button>
          </form>
          <p id="code-help" className="mt-6 border-t border-line pt-4 text-sm text-pretty text-text-3">
            No link at hand? Run{' '}
            <code className="rounded-sm bg-idle-soft px-1 py-0.5 font-mono text-xs text-text-2">
              vigiles sign-in
            </code>{' '}
            on the machine that runs Vigiles. A link works once, for ten minutes.
          </p>
        </div>
      </main>
      <TipLayer />
    </div>
  );
}
