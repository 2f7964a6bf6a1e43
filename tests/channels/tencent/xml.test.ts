import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readXml, writeXml } from '../../../channels/tencent/xml.ts';

const read = (xml: string) => readXml(Buffer.from(xml));
const refused = expect.objectContaining({ code: 'tencent.invalid_xml' });

describe('what is read', () => {
  test('stays text, with entities of XML itself and white space as they are written', () => {
    expect(read('<xml>\n<A>007</A><B><![CDATA[ <b> & ]]></B><C>&lt;&amp;&#x597d;</C><D/><E></E></xml>')).toEqual({
      A: '007',
      B: ' <b> & ',
      C: '<&好',
      D: '',
      E: '',
    });
  });

  test('has elements in elements, and a list where a name repeats', () => {
    expect(read('<xml><S><Label>x</Label></S><I><T>1</T></I><I>2</I></xml>')).toEqual({
      S: { Label: 'x' },
      I: [{ T: '1' }, '2'],
    });
  });

  test('pollutes no prototype', () => {
    const fields = read('<xml><__proto__><evil>1</evil></__proto__><constructor>2</constructor></xml>');
    expect(Object.keys(fields)).toEqual(['__proto__', 'constructor']);
    expect(({} as { evil?: unknown }).evil).toBeUndefined();
  });

  test.each([
    ['a DOCTYPE', '<!DOCTYPE xml><xml><A>1</A></xml>'],
    ['a file of this machine', '<!DOCTYPE xml [<!ENTITY a SYSTEM "file:///etc/passwd">]><xml><A>&a;</A></xml>'],
    [
      'a bomb',
      '<!DOCTYPE xml [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]><xml><A>&c;</A></xml>',
    ],
    ['an unknown entity', '<xml><A>&nbsp;</A></xml>'],
    ['a tower', `<xml>${'<a>'.repeat(20)}${'</a>'.repeat(20)}</xml>`],
    ['a book', `<xml><A>${'x'.repeat(70_000)}</A></xml>`],
    ['two roots', '<xml></xml><xml></xml>'],
    ['an unclosed element', '<xml><A>'],
    ['JSON', '{"a":1}'],
    ['nothing', ''],
  ])('is refused: %s', (_, xml) => {
    expect(() => read(xml)).toThrow(refused);
  });

  test('is refused where it is not UTF-8', () => {
    expect(() => readXml(Buffer.from([0x3c, 0x78, 0x3e, 0xff, 0x3c, 0x2f, 0x78, 0x3e]))).toThrow(refused);
  });

  test('never throws anything else', () => {
    const pieces = fc.constantFrom(
      '<xml>',
      '</xml>',
      '<A>',
      '</A>',
      '<![CDATA[',
      ']]>',
      '<!DOCTYPE',
      '&',
      ';',
      '<?',
      '?>',
      'x',
      '"',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 20 }), (parts) => {
        try {
          read(parts.join(''));
        } catch (error) {
          expect(error).toEqual(refused);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('what is written', () => {
  test('puts texts in CDATA, leaves numbers bare and repeats the name of a list', () => {
    expect(writeXml({ A: 'x', B: 2, C: { item: [{ T: '1' }, { T: '2' }] } })).toBe(
      '<xml><A><![CDATA[x]]></A><B>2</B><C><item><T><![CDATA[1]]></T></item><item><T><![CDATA[2]]></T></item></C></xml>',
    );
  });

  test('cannot be ended by what somebody says', () => {
    const said = 'a]]></Content><Content>evil]]]]>';
    expect(read(writeXml({ Content: said }))).toEqual({ Content: said });
  });

  test('leaves out what XML cannot carry', () => {
    expect(read(writeXml({ A: 'a\u0000\u001b\ud800b\tc\u{1f600}' }))).toEqual({ A: 'ab\tc\u{1f600}' });
  });

  test('is read as what was written, whatever that is', () => {
    const speakable = fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\r'));
    fc.assert(
      fc.property(speakable, (text) => {
        expect(read(writeXml({ A: text }))).toEqual({ A: text });
      }),
      { numRuns: 300 },
    );
  });
});
