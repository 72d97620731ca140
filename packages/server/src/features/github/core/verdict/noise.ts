/** Progress: what tools write while all goes well. */
const progress =
  /^\s{0,40}(?:(?:remote: )?(?:Counting|Compressing|Receiving|Resolving|Enumerating|Writing|Unpacking|Updating|Filtering) |Download(?:ing|ed) |Get:\d|Hit:\d|Fetched |Selecting previously|Preparing to unpack|Unpacking |Setting up |Processing triggers|Progress \(|Pulling fs layer|[0-9a-f]{12}: |#\d+ (?:CACHED|DONE|sha256:|extracting|transferring)|npm http |npm (?:warn|WARN) deprecated|Collecting |Requirement already|\s*Compiling [\w-]+ v|\s*Downloaded |go: downloading |- Installing |Installing |Using |Fetching |Resolving |Waiting for |Still |[.\s]+$|[#=>.\s]*\d{1,3}(?:\.\d+)?%)/;

/** Frames of a stack: where it happened, seldom why. */
const frame =
  /^\s{0,40}(?:at .{1,400}(?::\d+\)?|\(.*\)|<anonymous>)$|\.\.\. \d+ (?:more|common frames)|File ".{1,300}", line \d+|from .{1,300}:\d+:in |#\d+ 0x|goroutine \d+ \[|\d{1,3}: 0x|\s+\^+$)/;

export const isProgress = (text: string): boolean => progress.test(text.slice(0, 200));
export const isFrame = (text: string): boolean => frame.test(text.slice(0, 600));

/** A line that says nothing about why something failed. */
export const isNoise = (text: string): boolean => text.trim() === '' || isProgress(text) || isFrame(text);
