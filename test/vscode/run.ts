import path from 'node:path';
import { runTests } from '@vscode/test-electron';
import { projectRoot } from '../../scripts/vscode.ts';

// Runs the bundled suite inside VS Code: the desktop's where VSCODE_EXECUTABLE names one, else the VS Code server
// behind a launcher that takes the same arguments.

process.exitCode = await runTests({
  vscodeExecutablePath: process.env['VSCODE_EXECUTABLE'] ?? path.join(projectRoot, 'scripts', 'codeLauncher'),
  extensionDevelopmentPath: projectRoot,
  extensionTestsPath: path.join(projectRoot, 'dist', 'test', 'vscode', 'index.cjs'),
  launchArgs: [path.join(projectRoot, 'samples')],
}).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  return 1;
});
