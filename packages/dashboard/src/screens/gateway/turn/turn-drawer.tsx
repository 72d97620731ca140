import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Maximize2 } from 'lucide-react';
import { turnQuery } from '../../../data/queries.ts';
import { Drawer } from '../../../ui/drawer.tsx';
import { buttonClass } from '../../../ui/button.tsx';
import { anatomyParts, NoTurn, TurnHead } from './anatomy.tsx';

/** One turn beside the list it was picked from. */
export function TurnDrawer({ id, onClose }: { id: string; onClose: () => void }) {
  const { data: turn, error, refetch } = useQuery(turnQuery(id));
  const title = turn?.model ?? 'Turn';
  return (
    <Drawer title={title} label={`Turn: ${title}`} onClose={onClose}>
      {turn ? (
        <div className="@container">
          <div className="p-4">
            <TurnHead turn={turn} />
            <Link to="/gateway/turns/$id" params={{ id }} className={`${buttonClass()} mt-4`}>
              <Maximize2 aria-hidden size={13} /> Open as a page
            </Link>
          </div>
          {anatomyParts(turn).map((part) => (
            <section key={part.id} className="border-t border-line px-4 py-4">
              <h3 className="mb-2.5 font-medium">{part.title}</h3>
              {part.content}
            </section>
          ))}
        </div>
      ) : (
        <NoTurn error={error} retry={() => void refetch()} />
      )}
    </Drawer>
  );
}
