export { createFileLog, keepOf, type FileLog, type FileLogOptions, type LogLevel } from './file-log.ts';
export { dailyPath } from './daily-file.ts';
