/** What is given to Jinja2 and to ours alike. */

/** As they stand in an inventory. */
export const jinjaVariables = `
text: Hello World
empty: ""
n: 7
zero: 0
f: 2.5
yes_word: "yes"
"on": true
"off": false
nothing: null
path: /srv/app/conf.d/main.cfg
spaced: "  a  b c "
names: [beta, alpha, Gamma, alpha]
numbers: [3, 1, 2, 10]
mixed: [0, "", x, false, 5]
empty_list: []
empty_map: {}
user: { name: ada, port: 8080, tags: [x, y], nested: { deep: { value: 42 } } }
users: [{ name: bob, age: 30, "on": true }, { name: Al, age: 25, "on": false }, { name: cy, age: 30, "on": true }]
unicode: "grüße ✓"
quote: "it's"
number_text: "42"
float_text: "3.7"
hex_text: "0x1F"
items: 5
`

export const jinjaExpressions: readonly string[] = `
1 + 2
7 - 10
2 * 3
7 / 2
4 / 2
7 // 2
-7 // 2
7 % 3
-7 % 3
7 % -3
2 ** 10
2 ** -1
2 ** 3 ** 2
-2 ** 2
- 2
-n
+n
--n
1.5 + 1
2.0
2.0 * 3
1e3
1.5e-7
1e16
1e15
123456789.125
0.0001
0.00001
1_000
0x1f
0b101
0o17
f // 1
f % 2
7.5 // 2
1 / 3
2 / 3 * 3
1 / 0
'a' + 'b'
'a' 'b'
'a' * 3
3 * 'ab'
'a' * -1
[1, 2] + [3]
[0] * 3
'a' + 1
1 ~ 2
'a' ~ 1 ~ 'b'
1 + 2 ~ 3
'x' ~ f
'x' ~ 2.0
n > 3
n >= 7
n < 7
n <= 7
n == 7
n == 7.0
n != 7
1 < n < 10
1 < n > 10
1 < 2 == 2
'a' < 'b'
'a' < 1
[1, 2] < [1, 3]
'abc' == 'abc'
true == 1
true == 'true'
nothing == none
none == false
[1, [2]] == [1, [2]]
{'a': 1} == {'a': 1.0}
'ell' in text
'x' in text
'x' not in text
'x' in user.tags
'name' in user
'nope' in user
1 in 5
3 in numbers
3 not in numbers
not on
not off
not not n
not n == 7
on and off
on or off
zero or 'fallback'
'' or none
n and text
empty or empty_list or 'last'
on and n > 3 or off
not on or on
(1, 2)
(1)
()
[1, 'a', none, true]
{'a': 1, 'b': [2]}
{'a': {'b': 1}}.a.b
{}
[]
user.name
user['name']
user.port
user.nested.deep.value
user['nested'].deep['value']
user.nope
user.nope.deeper
nope
nope.deeper
nope | default('d')
nope.a.b | default('d')
user.nope | default(user.name)
empty | default('d')
empty | default('d', true)
empty | default('d', boolean=true)
nothing | default('d')
nothing | d('d', true)
zero | default(5, true)
names[0]
names[-1]
names[9]
names[-9]
names.0
names[1:3]
names[:2]
names[2:]
names[::-1]
names[::2]
names[-2:]
names[5:]
numbers[3:0:-1]
text[0]
text[-1]
text[1:4]
text[::-1]
text[99]
text[5:2]
'a' if on else 'b'
'a' if off else 'b'
'a' if off
'a' if on
1 if off else 2 if off else 3
(1 if off else 2) + 1
text | upper
text | lower
text | capitalize
'hELLO' | capitalize
text | length
names | length
user | length
unicode | length
text | replace('l', 'L')
text | replace('l', 'L', 1)
text | replace('', '-')
text | replace('nope', 'x')
spaced | trim
'xxaxx' | trim('x')
'xxx' | trim('x')
spaced | split
'a,b,,c' | split(',')
'a,b,c' | split(',', 1)
spaced | split(none, 1)
'a' | split('')
names | join
names | join(', ')
numbers | join('-')
users | join('/', attribute='name')
names | first
names | last
empty_list | first
text | first
text | last
names | sort
names | sort(reverse=true)
names | sort(case_sensitive=true)
numbers | sort
users | sort(attribute='age') | map(attribute='name') | list
users | sort(attribute='age', reverse=true) | map(attribute='name') | list
mixed | sort
names | unique
['a', 'A', 'b'] | unique
['a', 'A', 'b'] | unique(case_sensitive=true)
[1, 1.0, 2, true] | unique
names | reverse | list
text | reverse
names | map('upper') | list
names | map('upper') | join(',')
names | map('replace', 'a', 'o') | list
users | map(attribute='name') | list
users | map(attribute='nope', default='-') | list
users | map(attribute='nope') | list
users | map('nope') | list
mixed | select | list
mixed | reject | list
numbers | select('odd') | list
numbers | select('gt', 2) | list
numbers | select('>', 2) | list
numbers | reject('even') | list
numbers | select('divisibleby', 2) | list
users | selectattr('on') | map(attribute='name') | list
users | selectattr('age', 'equalto', 30) | map(attribute='name') | list
users | selectattr('age', '==', 25) | map(attribute='name') | list
users | rejectattr('on') | map(attribute='name') | list
users | selectattr('nope', 'defined') | list
users | selectattr('nope', 'undefined') | map(attribute='name') | list
names | select('match', 'a') | list
names | select('in', ['alpha', 'x']) | list
numbers | max
numbers | min
names | max
names | min
users | map(attribute='age') | max
numbers | sum
users | sum(attribute='age')
numbers | sum(start=100)
-5 | abs
n | abs
-2.5 | abs
(-5) | abs
2.5 | round
3.5 | round
2.567 | round(2)
2.1 | round(0, 'ceil')
2.9 | round(method='floor')
7 | round
number_text | int
number_text | int + 1
float_text | int
float_text | float
hex_text | int(base=16)
'abc' | int
'abc' | int(5)
'abc' | float
'' | int(default=-1)
f | int
on | int
nothing | int
' 12 ' | int
'1_000' | int
'1e3' | int
n | float
n | string
f | string
2.0 | string
yes_word | bool
'no' | bool
'True' | bool
'off' | bool
1 | bool
0 | bool
on | bool
nothing | bool
text | list
user | list
numbers | list
user | dict2items
user.tags | to_json
user | to_json
unicode | to_json
[1, 2.0, none, true, 'a"b'] | to_json
{} | to_json
quote | quote
'plain' | quote
'a b' | quote
'' | quote
'$(x)' | quote
unicode | quote
'caf\\u00e9' | quote
n | quote
names | map('quote') | join(' ')
path | basename
path | dirname
'a' | dirname
'/a' | dirname
'/a/' | basename
'a//b' | dirname
'abc123' | regex_replace('[0-9]+', '#')
'abc123' | regex_replace('([a-z]+)([0-9]+)', '\\\\2-\\\\1')
'abc' | regex_replace('(?P<x>b)', '<\\\\g<x>>')
'abc' | regex_replace('B', 'x')
'abc' | regex_replace('B', 'x', ignorecase=true)
'a\\nb' | regex_replace('^', '> ', multiline=true)
'abxd' | regex_replace('x*', '-')
'aaa' | regex_replace('a', 'b')
'a.b' | regex_replace('\\\\.', '_')
on | ternary('a', 'b')
off | ternary('a', 'b')
nothing | ternary('a', 'b', 'c')
'name' | extract(user)
1 | extract(names)
'nested' | extract(user, 'deep')
'nested' | extract(user, morekeys=['deep', 'value'])
'none' | extract(user)
['name', 'port'] | map('extract', user) | list
[0, 2] | map('extract', users, 'name') | list
['name', 'none'] | map('extract', user) | list
{'a': 1} | combine({'b': 2})
{'a': 1} | combine({'a': 2}, {'c': 3})
text is defined
nope is defined
nope is undefined
nope is not defined
user.nope is defined
user.nope.deeper is defined
names[9] is defined
text is string
n is string
n is number
f is number
n is integer
f is integer
f is float
on is boolean
on is true
off is false
n is true
nothing is none
nothing is not none
user is mapping
names is mapping
names is sequence
n is sequence
text is iterable
n is iterable
n is odd
n is even
n is divisibleby 7
n is divisibleby(2)
n is divisibleby 0
3 * 4 is divisibleby 2
n is eq 7
n is equalto(8)
n is ne 7
n is gt 3
n is ge(7)
n is lt 3
n is in numbers
3 is in numbers
names is contains('alpha')
'abc' is match('ab')
'abc' is match('bc')
'abc' is search('bc')
'abc' is search('BC')
'abc' is search('BC', ignorecase=true)
'abc' is regex('b')
text is lower
'abc' is lower
'ABC' is upper
'123' is upper
empty is falsy
text is truthy
not n is odd
n is odd and on
n is not odd or off
user.port + 1
user.name | upper ~ '!'
(user.name ~ '!') | upper
'a' ~ 'b' | upper
-1 | string
n * 2 | string
text.lower
text.__class__
text['__class__']
user.__class__
user.__proto__
user.constructor
user.toString
names.length
names.constructor
nope.__proto__ | default('safe')
user.items
items
1 +
1 2
a b
[1 2]
{'a' 1}
{1: 2}
'unclosed
n | nope
n is nope
n | upper(1)
n | int(1, 2, 3, 4)
n | int(nope=1)
n | default(1, nope=2)
names | join(1)
user | upper
none + 1
none ~ 'a'
nope ~ 'a'
nope == 1
nope and 1
on or nope
[nope]
names[n]
names['0']
user[0]
"\\x41\\u00e9\\n\\t\\\\\\q"
'it\\'s'
"say \\"x\\""
`
  .split('\n')
  .filter(line => line !== '')

/** Where ours is meant to differ, and what it makes of it: it refuses what is most likely a mistake. */
export const meantToDiffer: Readonly<Record<string, string>> = {
  "'a' if off": 'error',
  '{1: 2}': 'error',
  'names | join(1)': 'error',
  'user | upper': 'error',
  "none ~ 'a'": 'error',
  "'a' ~ true": '"atrue"',
  "'ture' | bool": 'error',
}
