/** The names of things, each a type of its own, so that a host is never passed where a service is meant. */
import * as t from 'io-ts'

/** Letters, digits, `_ . -`; no `-` or `.` at the start, so that a name can be neither an option nor a path. */
const plainName = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,252}$/
const plainLetters = '(letters, digits, _ . - and no . or - at the start)'

export interface HostNameBrand {
  readonly HostName: unique symbol
}
export interface GroupNameBrand {
  readonly GroupName: unique symbol
}
export interface ServiceNameBrand {
  readonly ServiceName: unique symbol
}
export interface ProcessNameBrand {
  readonly ProcessName: unique symbol
}
export interface VariableNameBrand {
  readonly VariableName: unique symbol
}

/** The type of a name; null: any text will do. */
export type Named<A> = t.Type<A, string, unknown> & Readonly<{ pattern: RegExp | null }>

const named = <Brand>(what: string, pattern: RegExp): Named<t.Branded<string, Brand>> => {
  const is = (value: unknown): value is t.Branded<string, Brand> => typeof value === 'string' && pattern.test(value)
  const type = new t.Type(
    what,
    is,
    (value, context) => (is(value) ? t.success(value) : t.failure(value, context)),
    String,
  )
  return Object.assign(type, { pattern })
}

/** A host's name in the inventory, in any script; an IPv6 address with its zone is one too. */
export const HostName = named<HostNameBrand>(
  'a host name (letters, digits, _ . - : % + and no . or - at the start)',
  /^[\p{L}\p{N}_:][\p{L}\p{M}\p{N}_.:%+-]{0,252}$/u,
)
export type HostName = t.Branded<string, HostNameBrand>

/** Ansible takes nearly everything, and it names nothing outside the inventory. */
export const GroupName = named<GroupNameBrand>('a group name (without blanks, : and ])', /^[^\s:\]\p{C}]{1,253}$/u)
export type GroupName = t.Branded<string, GroupNameBrand>

export const ServiceName = named<ServiceNameBrand>(`a service name ${plainLetters}`, plainName)
export type ServiceName = t.Branded<string, ServiceNameBrand>

export const ProcessName = named<ProcessNameBrand>(`a process name ${plainLetters}`, plainName)
export type ProcessName = t.Branded<string, ProcessNameBrand>

export const VariableName = named<VariableNameBrand>(
  'a variable name (letters, digits and _, no digit at the start)',
  /^[A-Za-z_][A-Za-z0-9_]*$/,
)
export type VariableName = t.Branded<string, VariableNameBrand>
