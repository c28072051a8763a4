/** Data of an inventory with the types that Ansible tells apart: an integer is a bigint, any other number a float. */

export type Data = null | boolean | string | bigint | number | readonly Data[] | ReadonlyMap<string, Data>

/** A float as Python writes it (`repr`): `1.0`, `1e-05`, `1e+16`; as JSON where it is no number. */
export const floatText = (value: number): string => {
  if (Number.isNaN(value)) return 'NaN'
  if (!Number.isFinite(value)) return value > 0 ? 'Infinity' : '-Infinity'
  const [digits = '', power = '0'] = value.toExponential().split('e')
  const exponent = Number(power)
  if (value !== 0 && (exponent < -4 || exponent >= 16)) {
    return `${digits}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`
  }
  const text = Object.is(value, -0) ? '-0' : String(value)
  return Number.isInteger(value) ? `${text}.0` : text
}
