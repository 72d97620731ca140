import { serveThread } from '../../../platform/thread/serve-thread.ts';
import { readPage } from './read-page.ts';

serveThread(readPage);
