import { serveThread } from '../../../platform/thread/serve-thread.ts';
import { lookAtJob } from './look-at-job.ts';

serveThread(lookAtJob);
