import { homedir } from 'node:os';
import { agentSkillRoots, allSessionRoutes, createSkills } from '../features/sessions/index.ts';
import type { Extend } from './extension.ts';

/** Agent sessions over HTTP, and the skills of this machine's agents. */
export const agentSessions: Extend = ({ env, store, clock, config, sessions, configuration }) => {
  const skills = createSkills({
    store,
    clock,
    clean: (json) => configuration.redactJson(json),
    roots: () => [
      ...agentSkillRoots(env['HOME'] ?? homedir()),
      ...config().sessions.skill_folders.map((path) => ({ path, owner: 'configured' })),
    ],
  });
  return { routes: allSessionRoutes({ sessions, skills, now: () => clock.now() }) };
};
