const D=8869,M=[8869],R={8869:((u,m,e)=>{e.r(m),e.d(m,{registeredSummaryOf:()=>v,registeredText:()=>_});var t=e(9251),g=e(2997),s=e(3748),O=e(3914);const l=60,_=({revision:{family:r,revision:n},reused:i})=>i?`${r}:${n} is this revision already; nothing was registered.`:`Registered ${r}:${n}; no service was updated.`;function v(r){const{revision:n,reused:i,previous:a,differences:d,image:o,warnings:c}=r,f=(0,s.aY)(`${n.family}:${n.revision}`),E=a&&!i?`${a.family}:${a.revision}`:void 0;return`${[`## \u2705 ${i?`${f} exists already`:`Registered ${f}`}`,(0,s.CS)(_(r)),...c.map($=>`> [!WARNING]
> ${(0,s.CS)((0,O.TN)($,1500))}`),(0,t.UO)([["Revision",(0,t.w5)(n.arn)],["Image",o&&s.qy.code((0,O.TN)(o.reference,500))]]),...E===void 0?[]:[d.length===0?(0,s.CS)(`${(0,t.O_)(d,E)}.`):(0,s.TM)((0,t.O_)(d,E),(0,t.dJ)(d,l))],...o?(0,g.buildTable)(o):[]].filter($=>$!=="").join(`

`)}
`}})};export{D as id,M as ids,R as modules};
//# sourceMappingURL=maps/report-registered.js.map
