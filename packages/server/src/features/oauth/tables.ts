/** Rows of the vault; tokens, verifiers and nonces only sealed. Times are UTC milliseconds. */
export interface OauthTables {
  oauth_account: {
    provider: string;
    status: 'connected' | 'expired';
    account: string | null;
    scopes: string;
    /** The tokens, sealed. */
    sealed: string;
    expires_at: number | null;
    /** 1: there is a refresh token. */
    renewable: number;
    /** Rises with each new pair of tokens: who holds an older one has lost the race. */
    generation: number;
    /** Who renews it now, and until when nobody else may. */
    lease_owner: string | null;
    lease_until: number | null;
    failures: number;
    retry_at: number | null;
    error: string | null;
    message: string | null;
    connected_at: number;
    connected_by: string;
    refreshed_at: number | null;
  };
  oauth_state: {
    state_hash: string;
    provider: string;
    client_id: string;
    /** The person’s device that began it: nobody else can end it. */
    device_id: string;
    redirect_uri: string;
    /** Verifier and nonce, sealed. */
    sealed: string;
    created_at: number;
    expires_at: number;
  };
}
