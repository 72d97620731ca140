/** Classes of a row's one link: it covers the whole row, and its focus ring is the row's. */
export const rowLink =
  'min-w-0 truncate after:absolute after:inset-0 focus-visible:outline-none focus-visible:after:rounded-sm focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-accent';
