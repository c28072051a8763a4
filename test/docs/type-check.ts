/** Whether programs on the pages fit the types of the library, as they would for somebody who has installed it. */
import ts from 'typescript'
import { projectFolder } from '../helpers/steward.js'

/** `sources` by the names of their files; all of them are looked at at once, and none is written to disk. */
export const typeMistakes = (sources: ReadonlyMap<string, string>): readonly string[] => {
  const options: ts.CompilerOptions = {
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    target: ts.ScriptTarget.ES2023,
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    allowJs: true,
    checkJs: true,
    types: ['node'],
  }
  const texts = new Map([...sources].map(([name, text]) => [`${projectFolder}${name}`, `${text}\nexport {}\n`]))
  const host = ts.createCompilerHost(options)
  const { fileExists, readFile, getSourceFile } = host
  host.fileExists = name => texts.has(name) || fileExists(name)
  host.readFile = name => texts.get(name) ?? readFile(name)
  host.getSourceFile = (name, target, ...rest) => {
    const text = texts.get(name)
    return text === undefined ? getSourceFile(name, target, ...rest) : ts.createSourceFile(name, text, target)
  }
  const program = ts.createProgram([...texts.keys()], options, host)
  return ts.getPreEmitDiagnostics(program).map(({ file, messageText, start = 0 }) => {
    const at = file === undefined ? '' : `${file.fileName}:${file.getLineAndCharacterOfPosition(start).line + 1}: `
    return `${at}${ts.flattenDiagnosticMessageText(messageText, '\n')}`
  })
}
