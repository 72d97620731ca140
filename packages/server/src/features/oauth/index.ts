export { oauthRoutes } from './routes.ts';
export { createOauthVault, type OauthDeps, type OauthVault } from './service.ts';
