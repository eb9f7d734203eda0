const r=2421,c=[2421],v={2421:((O,t,s)=>{s.r(t),s.d(t,{readPlace:()=>a});var d=s(8071),n=s(6407),o=s(2141),_=s(9121);function a(D,M){const E=new n.m(D),P=(0,d.k)(E,M);return{aws:P,service:(0,o.u)(E,P),github:(0,_.GP)(E)}}})};export{r as id,c as ids,v as modules};
//# sourceMappingURL=maps/inputs-place.js.map
