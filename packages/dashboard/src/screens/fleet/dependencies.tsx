import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Service } from '@vigiles/contract';
import { servicesQuery } from '../../data/queries.ts';
import { serviceFace, StateLabel } from '../../ui/state.tsx';

function Row({ name, services }: { name: string; services: readonly Service[] }) {
  const service = services.find((one) => one.name === name);
  return (
    <li className="flex items-center gap-3">
      <Link
        to="/fleet"
        search={(before) => ({ ...before, service: name, tab: undefined })}
        className="min-w-0 truncate underline decoration-line-strong underline-offset-4 hover:decoration-current"
      >
        {service?.title ?? name}
      </Link>
      <span className="ml-auto">
        {service ? (
          <StateLabel face={serviceFace[service.state]} className="text-sm" />
        ) : (
          <span className="text-sm text-text-3">not watched</span>
        )}
      </span>
    </li>
  );
}

const SHOWN = 20;

function Names({ title, names, services }: { title: string; names: string[]; services: readonly Service[] }) {
  if (names.length === 0) return null;
  return (
    <div>
      <h4 className="mb-1 text-sm text-text-3">{title}</h4>
      <ul className="flex flex-col gap-1">
        {names.slice(0, SHOWN).map((name) => (
          <Row key={name} name={name} services={services} />
        ))}
      </ul>
      {names.length > SHOWN && <p className="mt-1 text-sm text-text-3">and {names.length - SHOWN} more</p>}
    </div>
  );
}

/** What a service needs and what needs it, with the state of each: whose fault it is, and who suffers. */
export function Dependencies({ service }: { service: Service }) {
  const services = useQuery(servicesQuery).data ?? [];
  const children = services.filter(({ depends_on }) => depends_on.includes(service.name));
  if (service.depends_on.length === 0 && children.length === 0)
    return <p className="text-text-3">It needs nothing else, and nothing needs it.</p>;
  return (
    <div className="flex flex-col gap-3">
      <Names title="Needs" names={service.depends_on} services={services} />
      <Names title="Needed by" names={children.map(({ name }) => name)} services={services} />
    </div>
  );
}
