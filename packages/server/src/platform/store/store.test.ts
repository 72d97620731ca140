import { forEachStore } from '../../testing/stores.ts';
import { storeConformance } from './conformance/index.ts';

forEachStore('the store', storeConformance);
