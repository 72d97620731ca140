/** Keys and tokens of well-known vendors, and private keys. */
export const vendorTokens: readonly RegExp[] = [
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]{1,8000}?-----END [A-Z ]*PRIVATE KEY-----/g,
  /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g,
  /\b(?:gh[pousr]_[A-Za-z0-9]{20,}|github_pat_\w{20,})/g,
  /\bxox[abprs]-[A-Za-z0-9-]{10,}/g,
  /\bAIza[\w-]{30,}/g,
  /\b(?:glpat-|hf_|gsk_|xai-|pplx-|npm_)[\w-]{16,}/g,
  /\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{8,}/g,
];

/** What every shape has in it, also where an escape of JSON stands before it: texts without it need no closer look. */
export const tokenHints =
  /vg[lt]_|sk-|Bearer|Basic|PRIVATE KEY|AKIA|ASIA|gh[pousr]_|github_pat_|xox[abprs]-|AIza|glpat-|hf_|gsk_|xai-|pplx-|npm_|eyJ/;
