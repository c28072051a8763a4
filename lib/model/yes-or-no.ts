/** The words for yes and no that Ansible knows (module_utils/parsing/convert_bool.py). */

/** Null: it is neither. */
export const yesOrNo = (text: string): boolean | null => {
  if (/^(yes|y|true|t|on|1|1\.0)$/i.test(text)) return true
  return /^(no|n|false|f|off|0|0\.0)$/i.test(text) ? false : null
}
