/** Asking a service from the machine that steward runs on whether it is ready. */
import { request as plainRequest } from 'node:http'
import { request as tlsRequest } from 'node:https'
import { connect } from 'node:net'
import type { Answer, HostText } from '../model/observation.js'
import { type Check, checkBytes, checkSeconds, type HttpCheck, type TcpCheck } from '../model/ready.js'

/** `address`: where the host is reached, for ports that are declared without an address. Never rejects. */
export type AskFromHere = (check: HttpCheck | TcpCheck, address: string) => Promise<Answer>

export const isAskedHere = (check: Check): check is HttpCheck | TcpCheck =>
  (check._tag === 'Http' || check._tag === 'Tcp') && check.from === 'controller'

export const askFromHere: AskFromHere = (check, address) => {
  switch (check._tag) {
    case 'Http':
      return askHttp(check)
    case 'Tcp':
      return askTcp(check, address)
  }
}

/** Each question has a connection of its own; a redirect is an answer like any other. */
const askHttp = ({ url, verify }: HttpCheck): Promise<Answer> =>
  within(settle => {
    const options = { agent: false, headers: { accept: '*/*' }, rejectUnauthorized: verify } as const
    const asking = (url.startsWith('https:') ? tlsRequest : plainRequest)(url, options, answer => {
      const chunks: Buffer[] = []
      let bytes = 0
      const end = () => {
        const body = Buffer.concat(chunks).subarray(0, checkBytes).toString('utf8')
        settle({ _tag: 'Http', status: answer.statusCode ?? 0, body: body as HostText })
      }
      answer.on('data', (chunk: Buffer) => {
        chunks.push(chunk)
        bytes += chunk.length
        if (bytes >= checkBytes) end()
      })
      answer.on('end', end)
      answer.on('error', error => settle(no(error.message)))
    })
    asking.on('error', error => settle(no(error.message)))
    asking.end()
    return () => asking.destroy()
  })

const askTcp = ({ place }: TcpCheck, address: string): Promise<Answer> =>
  within(settle => {
    const socket = connect({ host: place.address ?? address, port: place.port })
    socket.on('connect', () => settle({ _tag: 'Yes' }))
    socket.on('error', error => settle(no(error.message)))
    return () => socket.destroy()
  })

/** The first word counts, and the deadline is one; whatever was begun is given up with it. */
const within = (begin: (settle: (answer: Answer) => void) => () => void): Promise<Answer> =>
  new Promise(resolve => {
    let giveUp = () => {}
    const settle = (answer: Answer) => {
      clearTimeout(timer)
      resolve(answer)
      giveUp()
    }
    const timer = setTimeout(() => settle(no(`no answer within ${checkSeconds} s`)), checkSeconds * 1000)
    giveUp = begin(settle)
  })

const no = (why: string): Answer => ({ _tag: 'No', why })
