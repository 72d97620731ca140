export { bareEnvironment } from './bare-environment.ts';
export {
  createThreadDesk,
  ThreadFailure,
  type ThreadDesk,
  type ThreadDeskOptions,
  type ThreadFailureReason,
} from './thread-desk.ts';
