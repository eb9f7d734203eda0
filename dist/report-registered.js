const C=8869,I=[8869],y={8869:((T,l,e)=>{e.r(l),e.d(l,{registeredSummaryOf:()=>M,registeredText:()=>O});var v=e(6629),c=e(9913),s=e(9251),g=e(2997),r=e(3748),m=e(3914);const D=60;function O({revision:E,reused:t,schedules:o=[]}){const{family:i,revision:n,arn:d}=E,a=o.length>0?` ${(0,c.JB)(o,d)}.`:"";return t?`${i}:${n} is this revision already; nothing was registered.${a}`:`Registered ${i}:${n}; no service was updated.${a}`}function M(E){const{revision:t,reused:o,previous:i,differences:n,image:d,schedules:a,warnings:P}=E,f=(0,v.AP)(t.arn),u=(0,r.aY)(`${t.family}:${t.revision}`),_=i&&!o?`${i.family}:${i.revision}`:void 0;return`${[`## \u2705 ${o?`${u} exists already`:`Registered ${u}`}${f===void 0?"":` in ${f}`}`,(0,r.CS)(O(E)),...P.map($=>`> [!WARNING]
> ${(0,r.CS)((0,m.TN)($,1500))}`),(0,s.UO)([["Revision",(0,s.w5)(t.arn)],["Schedules",a&&(0,s.L7)(a)],["Image",d&&r.qy.code((0,m.TN)(d.reference,500))]]),..._===void 0?[]:[n.length===0?(0,r.CS)(`${(0,s.O_)(n,_)}.`):(0,r.TM)((0,s.O_)(n,_),(0,s.dJ)(n,D))],...d?(0,g.buildTable)(d):[]].filter($=>$!=="").join(`

`)}
`}})};export{C as id,I as ids,y as modules};
//# sourceMappingURL=maps/report-registered.js.map
