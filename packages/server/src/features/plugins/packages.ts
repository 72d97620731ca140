/** The face for those who have a package and no repository. */
export { inspectPackage, type InspectedPackage } from './archive/inspect-package.ts';
export { packFolder } from './archive/pack-folder.ts';
export { limitsOf as packageLimits } from './settings.ts';
