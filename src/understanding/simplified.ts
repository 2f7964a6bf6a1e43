/** Traditional characters of everyday and shop talk with their simplified twins, so that every other table needs one form only. */
const TRADITIONAL =
  '訂單號碼貨運費發票帳賬戶退換錯誤損壞壓爛嗎麼們這個裡裏還沒為來對請問時間點週幾幣錢買賣價優惠劃處理編輯轉機話說語簡繁體電郵箱聯繫係絡務員經業專線謝歡見晚間現開關鐘鈴聽誰誤該認識別讓給從後無條總數量兩萬億圓塊寄達遞快慢將應當確實際際紅綠藍黃黑銀顏樣質壽馬車門窗書頁圖標題檔傳輸網絡鏈結終斷續繼選擇項種類與並執行動產製復複雜報廢證據據驗碼試圍繞過進遠隨導師長張陽陰衝沖櫃檯臺灣國際鄉鎮縣區樓層號滿減贈禮聲廣東節親愛歲歷歲試圖隻雙單雙條東舊'.replaceAll(
    /\s/g,
    '',
  );
const SIMPLE =
  '订单号码货运费发票帐账户退换错误损坏压烂吗么们这个里里还没为来对请问时间点周几币钱买卖价优惠划处理编辑转机话说语简繁体电邮箱联系系络务员经业专线谢欢见晚间现开关钟铃听谁误该认识别让给从后无条总数量两万亿圆块寄达递快慢将应当确实际际红绿蓝黄黑银颜样质寿马车门窗书页图标题档传输网络链结终断续继选择项种类与并执行动产制复复杂报废证据据验码试围绕过进远随导师长张阳阴冲冲柜台台湾国际乡镇县区楼层号满减赠礼声广东节亲爱岁历岁试图只双单双条东旧';

const from = Array.from(TRADITIONAL);
const to = Array.from(SIMPLE);

export const SIMPLIFIED: ReadonlyMap<string, string> = new Map(
  from.flatMap((character, i) => {
    const simple = to[i];
    return simple === undefined || simple === character ? [] : [[character, simple] as const];
  }),
);
