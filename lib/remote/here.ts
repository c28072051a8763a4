/** Programs of this machine, run for whoever sits at it. */
import { spawn } from 'node:child_process'
import * as E from 'fp-ts/lib/Either.js'

/** What it prints. It may ask and complain on the terminal. The Left says why there is nothing. */
export const outputOf = (command: string, argv: readonly string[]): Promise<E.Either<string, Buffer>> =>
  new Promise(resolve => {
    const child = spawn(command, argv, { stdio: ['inherit', 'pipe', 'inherit'] })
    const chunks: Buffer[] = []
    child.stdout.on('data', chunk => chunks.push(chunk))
    child.on('error', error => resolve(E.left(`it could not be run: ${error.message}`)))
    child.on('close', (code, signal) =>
      resolve(code === 0 ? E.right(Buffer.concat(chunks)) : E.left(`it ended with ${code ?? signal}`)),
    )
  })

/** A command of a shell's with the terminal to itself, and one word behind it; resolves with how it ended. */
export const atTerminal = (command: string, word: string): Promise<E.Either<string, void>> =>
  new Promise(resolve => {
    const child = spawn('/bin/sh', ['-c', `${command} "$1"`, 'sh', word], { stdio: 'inherit' })
    child.on('error', error => resolve(E.left(`it could not be run: ${error.message}`)))
    child.on('close', (code, signal) =>
      resolve(code === 0 ? E.right(undefined) : E.left(`it ended with ${code ?? signal}`)),
    )
  })
